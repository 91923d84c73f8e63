import * as contract from "@charlie/contract";
import type { Client } from "./client.ts";

/** Every list that the operator can look at, narrowed in every way: by what is common, what is rare, and what is not there. */
export const operatorLists: [contract.EndpointDefinition, ...queries: string[]][] = [
  [
    contract.listCustomers,
    ...contract.customerGroups.flatMap((group) =>
      ["", "pat", "workspace", "p", "person777", "pat.777", "eve", "nobody", "'"].map(
        (search) => `group=${group}${search && `&search=${encodeURIComponent(search)}`}`,
      ),
    ),
  ],
  [contract.listCustomersAiUsage, "", "limit=100"],
  [
    contract.listBillingEvents,
    ...contract.billingEventStates.flatMap((state) =>
      [
        "",
        "&type=type.7",
        "&type=nothing",
        "&customer=cus_80",
        "&customer=cus_nobody",
        "&type=type.1&customer=cus_80",
      ].map((more) => `state=${state}${more}`),
    ),
  ],
  [contract.listBillingDifferences, "state=all", "state=open"],
];

/** Goes through a list page by page, `most` of them. Returns the ids that stood there. Throws where it does not go well. */
export async function readPages(client: Client, address: string, most = Infinity): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null | undefined = "";
  for (let page = 0; page < most && typeof cursor === "string"; page += 1) {
    const { status, body }: { status: number; body: { items?: { id: string }[]; nextCursor?: string | null } } =
      await client.get(`${address}${cursor && `&cursor=${cursor}`}`);
    if (status !== 200) throw new Error(`${address}: ${status} ${JSON.stringify(body)}`);
    ids.push(...(body.items ?? []).map(({ id }) => id));
    cursor = body.nextCursor;
  }
  return ids;
}
