/** Euro amounts: numbers in the catalogue, added up in cents. */
export function cents(euro: number): number {
  return Math.round(euro * 100);
}

export function euro(amount: number): string {
  const whole = Number.isInteger(amount);
  return `€${amount.toLocaleString('en-IE', {minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2})}`;
}
