/** How large a part of all a tag's value is: 0 to 1. */
export const shareOf = (count: number, total: number): number => (total > 0 ? Math.min(1, count / total) : 0);

export const formatShare = (share: number): string =>
  share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
