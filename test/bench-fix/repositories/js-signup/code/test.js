const assert = require('node:assert/strict');
const { createAccounts } = require('./accounts/accounts');
const { createApp } = require('./http/app');
const { parseForm } = require('./http/form');

assert.deepEqual(parseForm('a=1&b%5Bc%5D=2'), { a: '1', b: { c: '2' } });
assert.deepEqual(parseForm('a%5Bb%5D%5Bc%5D=1&a%5Bb%5D%5Bd%5D=2'), { a: { b: { c: '1', d: '2' } } });

const accounts = createAccounts();
const app = createApp(accounts);
const post = (body) => app.handle({ method: 'POST', path: '/signup', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
assert.equal(post('name=A&email=a%40b.example&address%5Bstreet%5D=S+1&address%5Bpostal%5D%5Bcode%5D=12045').status, 201);
assert.equal(accounts.find('a@b.example').address.code, '12045');
assert.equal(post('name=A&email=nobody').status, 400);
