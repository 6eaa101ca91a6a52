const { createApp } = require('./http/app');
const { createAccounts } = require('./accounts/accounts');

const app = createApp(createAccounts());
const body = 'name=Ann+Lee&email=ann%40shop.example&address%5Bstreet%5D=Mill+Lane+4&address%5Bpostal%5D%5Bcode%5D=12045';
const response = app.handle({ method: 'POST', path: '/signup', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
console.log(response.status, response.body);
