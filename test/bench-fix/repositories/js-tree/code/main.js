import { menu, paths } from './menu.js';

const rows = [
  { id: 1, parent: null, title: 'Shop' },
  { id: 2, parent: 1, title: 'Kitchen' },
  { id: 3, parent: 2, title: 'Kettles' },
  { id: 4, parent: 5, title: 'Lamps' },
  { id: 5, parent: 4, title: 'Light' },
];

console.log(JSON.stringify(menu(rows)));
console.log(paths(rows));
