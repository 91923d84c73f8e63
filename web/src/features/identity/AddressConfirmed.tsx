/** Being written. */
export function AddressConfirmed() {
  return <h1>AddressConfirmed</h1>;
}
