const { clean } = require('./text');

const CODES = { de: /^\d{5}$/, at: /^\d{4}$/ };

/** @returns the address as it is kept, or what is wrong with it */
function readAddress(given, country = 'de') {
  const street = clean(given.street);
  const code = clean(given.postal.code);
  if (!street) return { fault: 'The street is missing.' };
  if (!code || !CODES[country].test(code)) return { fault: 'The postal code has five digits.' };
  return { address: { street, code, country } };
}

module.exports = { readAddress };
