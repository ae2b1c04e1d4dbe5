/** What came with the page: the server's answers to what the app asks first, by path. */
const answers = new Map<string, unknown>(read());

function read(): [string, unknown][] {
  const block = document.getElementById("given")?.textContent;
  return block ? Object.entries(JSON.parse(block) as Record<string, unknown>) : [];
}

/**
 * The answer of `web.get(path)` if it came with the page. It is given once,
 * since what is asked for again is asked because it may be out of date.
 */
export function given<T>(path: string): T | undefined {
  const answer = answers.get(path) as T | undefined;
  answers.delete(path);
  return answer;
}

/** Forgets what came: it was for whoever has signed out. */
export function forgetGiven(): void {
  answers.clear();
}
