/** `a=1&b%5Bc%5D=2` to `{ a: '1', b: { c: '2' } }`, as deep as the names go. */
function parseForm(text) {
  const form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const steps = stepsOf(name);
    let at = form;
    for (const step of steps.slice(0, -1)) at = at[step] ??= {};
    at[steps.at(-1)] = value;
  }
  return form;
}

/** `address[postal][code]` to its three names. */
function stepsOf(name) {
  const [, first, rest] = /^([^[\]]+)((?:\[[^[\]]+\])?)$/.exec(name) ?? [null, name, ''];
  return [first, ...[...rest.matchAll(/\[([^[\]]+)\]/g)].map((match) => match[1])];
}

module.exports = { parseForm };
