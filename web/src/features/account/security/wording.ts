/** A secret in groups of four, as one reads it aloud. */
export function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? "";
}

/** A code as one may have typed it: digits in groups are one number. */
export function typedCode(code: string): string {
  const trimmed = code.trim();
  return /^[\d\s]+$/.test(trimmed) ? trimmed.replace(/\s/g, "") : trimmed;
}

/** What a file of recovery codes says: headings, then a code a line. */
export function codesFile(headings: string[], codes: string[]): string {
  return [...headings, "", ...codes, ""].join("\r\n"); // Notepad's too
}
