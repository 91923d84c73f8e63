import type { Stripe } from "stripe";
import { isMissing } from "../errors.ts";
import { change, differences, makeOnce, type SetUp } from "./changes.ts";
import type { WantedProduct } from "./wanted.ts";

async function findProduct(stripe: Stripe, id: string): Promise<Stripe.Product | null> {
  try {
    return await stripe.products.retrieve(id);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Makes the product, or makes it like the catalogue, where it is not. */
export async function setUpProduct(setUp: SetUp, { id, name, description, mark }: WantedProduct): Promise<void> {
  const { stripe } = setUp;
  const what = `product ${id}`;
  const wanted = { name, description, metadata: { [mark.name]: mark.value } };
  const found = await findProduct(stripe, id);
  if (!found) {
    await change(setUp, { how: "make", what, details: [name] }, () =>
      makeOnce(
        { id, ...wanted },
        (...sent) => stripe.products.create(...sent),
        async () => (await findProduct(stripe, id)) !== null,
      ),
    );
    return;
  }
  const details = differences([
    ["name", found.name, name],
    ["description", found.description ?? "none", description],
    ["mark", found.metadata[mark.name] ?? "none", mark.value],
    ["state", found.active ? "active" : "archived", "active"],
  ]);
  if (details.length === 0) return;
  await change(setUp, { how: "change", what, details }, () => stripe.products.update(id, { ...wanted, active: true }));
}
