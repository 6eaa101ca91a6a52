/** Without what people type around it; null for nothing. */
function clean(text) {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return trimmed === '' ? null : trimmed;
}

const isEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

module.exports = { clean, isEmail };
