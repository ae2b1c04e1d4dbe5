/** The pages that rows from first to last lie on, and no more than a listing has. */
export function pagesOf(first: number, last: number, size: number, total: number): number[] {
  if (total <= 0) return [];
  const end = Math.floor(Math.min(Math.max(last, 0), total - 1) / size);
  const start = Math.min(Math.floor(Math.max(first, 0) / size), end);
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}
