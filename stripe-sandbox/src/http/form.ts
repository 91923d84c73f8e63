// Bracketed form bodies (`items[0][price]=…`, `expand[]=…`) to nested values; leaves are strings.

export interface FormTree {
  [key: string]: FormTree | string;
}

/** Decodes a query string or form body. Keys such as `__proto__` are plain keys here: the trees have no prototype. */
export function decodeForm(text: string): FormTree {
  const root = Object.create(null) as FormTree;
  for (const [key, value] of new URLSearchParams(text)) {
    const parts = splitKey(key);
    let node = root;
    for (const [index, part] of parts.entries()) {
      const name = part === "" ? String(Object.keys(node).length) : part;
      if (index === parts.length - 1) {
        node[name] = value;
        break;
      }
      const next = node[name];
      node = typeof next === "object" ? next : (node[name] = Object.create(null) as FormTree);
    }
  }
  return root;
}

function splitKey(key: string): string[] {
  const open = key.indexOf("[");
  if (open <= 0) return [key];
  return [key.slice(0, open), ...[...key.slice(open).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? "")];
}

/** The tree with its keys in order: equal for equal requests, however they were written. */
export function canonical(tree: FormTree | string): string {
  if (typeof tree === "string") return JSON.stringify(tree);
  const keys = Object.keys(tree).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(tree[key] ?? "")}`).join(",")}}`;
}
