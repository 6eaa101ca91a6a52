const options = { style: 'currency', currency: 'USD' } as const;

/** US dollars: `$1.20`; below ten cents, where calls are, by two digits that count: `$0.0041`. */
export const formatCost = (dollars: number): string =>
  new Intl.NumberFormat('en', dollars < 0.1 ? { ...options, maximumSignificantDigits: 2 } : options).format(dollars);
