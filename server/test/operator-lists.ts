import * as contract from "@charlie/contract";

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
