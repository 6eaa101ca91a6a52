function createAccounts() {
  const byEmail = new Map();
  return {
    /** Null: there is one. */
    add(fields) {
      const key = fields.email.toLowerCase();
      if (byEmail.has(key)) return null;
      const account = { id: `A-${byEmail.size + 1}`, ...fields };
      byEmail.set(key, account);
      return account;
    },
    find: (email) => byEmail.get(email.toLowerCase()) ?? null,
  };
}

module.exports = { createAccounts };
