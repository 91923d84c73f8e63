/** Being written. */
export function Wizard() {
  return <h1>Wizard</h1>;
}
