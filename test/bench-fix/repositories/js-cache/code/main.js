import { Pages } from './pages.js';

const pages = new Pages((path) => `<h1>${path}</h1>`);
for (const path of ['/article/1', '/list/2', '/article/1', '/list/2', '/search/x', '/article/3', '/list/4']) {
  pages.page(path);
}
