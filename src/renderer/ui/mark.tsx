/** The mark for small sizes: arch in ink, three bars in ember. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeLinecap="round" strokeWidth={2.2} aria-hidden>
      <path d="M3.5 20.5v-8.2a8.5 8.5 0 0 1 17 0v8.2" stroke="currentColor" />
      <path d="M8.3 20.5v-4M15.7 20.5v-6" stroke="#D66F1F" />
      <path d="M12 20.5v-10" stroke="#F28B3B" />
    </svg>
  );
}
