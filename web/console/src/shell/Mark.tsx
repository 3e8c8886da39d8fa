/** The sign of Anhuan: a ring that closes on a tick. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="9" fill="#0c6b5c" />
      <path d="M16 7a9 9 0 1 0 9 9" fill="none" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
      <path d="m12.2 16.2 3 3 8-8.4" fill="none" stroke="#9fe3cf" strokeWidth="3.2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
