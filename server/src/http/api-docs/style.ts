/** Colours as in the pages of web/: look.md. Without any sign that HTML would have to escape. */
export const style = `
:root { color-scheme: light dark; --paper: #fffbf5; --card: #fff; --sand: #f3e7d7; --line: #e6d7c3; --ink: #2b2118; --quiet: #6b5b4b; --collar: #c2410c }
@media (prefers-color-scheme: dark) { :root { --paper: #1c1713; --card: #241e19; --sand: #2f2720; --line: #43382e; --ink: #f6ede3; --quiet: #b9a893; --collar: #ff9466 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 Figtree, system-ui, sans-serif; overflow-wrap: anywhere }
header, main { max-width: 56rem; margin: 0 auto; padding: 16px }
header { display: flex; gap: 24px; font-weight: 600 }
p, nav { max-width: 70ch }
h1 { font-size: 2rem; line-height: 1.2; margin: 16px 0 }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 56px 0 8px }
h3 { font-size: 1.0625rem; margin: 32px 0 4px }
h4 { font-size: 1rem; margin: 16px 0 4px }
a { color: var(--collar) }
:focus-visible { outline: 3px solid var(--collar); outline-offset: 2px; border-radius: 4px }
code, pre { font: .9375em/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
pre { background: var(--sand); padding: 16px; border-radius: 12px; white-space: pre-wrap }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 24px; list-style: none; padding: 0; margin: 0 }
nav a { display: inline-block; padding: 4px 0 }
.method { display: inline-block; padding: 0 8px; border: 1px solid var(--collar); border-radius: 8px; color: var(--collar); font-size: .875rem }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
small { color: var(--quiet); font-size: .9375rem; font-weight: 400 }
summary { cursor: pointer; padding: 4px 0; color: var(--collar) }
details details { margin-top: 4px }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin: 8px 0 }
th, td { text-align: left; vertical-align: top; padding: 8px; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
th:first-child { width: 34% }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  table, tbody, tr, th, td { display: block; width: auto }
  th { border: 0; padding-bottom: 0 }
}
`;
