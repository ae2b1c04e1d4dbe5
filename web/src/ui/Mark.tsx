/** The product's mark, as in mark.svg and in index.html. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" fill="none" strokeWidth={3} strokeLinecap="round" className={className}>
      <path stroke="#d9953f" d="M3 10.5v2M8.2 8v7M13.4 4v15" />
      <path stroke="#4fa3a9" d="M18.6 13v15M23.8 17v7M29 19.5v2" />
    </svg>
  );
}
