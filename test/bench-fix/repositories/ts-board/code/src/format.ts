export function formatCents(cents: number): string {
  const euros = Math.abs(cents) / 100;
  return `${cents < 0 ? '−' : ''}${euros >= 1000 ? `${(euros / 1000).toFixed(1)}k` : euros.toFixed(euros % 1 ? 2 : 0)} €`;
}
