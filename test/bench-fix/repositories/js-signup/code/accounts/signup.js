const { readAddress } = require('../validate/address');
const { clean, isEmail } = require('../validate/text');

function signup(accounts, form) {
  const name = clean(form.name ?? '');
  const email = clean(form.email ?? '');
  if (!name) return { status: 400, body: 'The name is missing.' };
  if (!email || !isEmail(email)) return { status: 400, body: 'This is no e-mail address.' };
  const { address, fault } = readAddress(form.address ?? { street: '', postal: { code: '' } });
  if (fault) return { status: 400, body: fault };
  const account = accounts.add({ name, email, address });
  return account ? { status: 201, body: account.id } : { status: 409, body: 'There is such an account.' };
}

module.exports = { signup };
