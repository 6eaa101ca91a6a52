/** Builds a menu from rows `{ id, parent, title, hidden }`, as the editors' table has them. */

export function index(rows) {
  const byId = new Map();
  const children = new Map();
  for (const row of rows) {
    byId.set(row.id, row);
    const siblings = children.get(row.parent ?? null) ?? [];
    siblings.push(row);
    children.set(row.parent ?? null, siblings);
  }
  return { byId, children };
}

/** Titles from the top to the row: `['Shop', 'Kitchen', 'Kettles']`. */
export function pathOf(row, { byId }) {
  const parent = row.parent == null ? undefined : byId.get(row.parent);
  return parent ? [...pathOf(parent, { byId }), row.title] : [row.title];
}

export function depthOf(row, { byId }) {
  let depth = 0;
  for (let at = row; at?.parent != null && depth < 50; at = byId.get(at.parent)) depth++;
  return depth;
}

function entry(row, tree) {
  const below = (tree.children.get(row.id) ?? []).filter(({ hidden }) => !hidden);
  return {
    title: row.title,
    path: pathOf(row, tree).join(' / '),
    depth: depthOf(row, tree),
    items: below.map((child) => entry(child, tree)),
  };
}

export function menu(rows) {
  const tree = index(rows);
  return (tree.children.get(null) ?? []).map((row) => entry(row, tree));
}

/** Every row's path, for the search. */
export function paths(rows) {
  const tree = index(rows);
  return rows.map((row) => pathOf(row, tree).join(' / '));
}
