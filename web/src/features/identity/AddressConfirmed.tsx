import { planOf } from "@charlie/contract";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { chosenBefore } from "../billing/chosen.ts";
import { DoorPage } from "./DoorPage.tsx";

const route = getRouteApi("/_door/address-confirmed");

/** Where the link of the welcome letter leads, whether it worked or not. */
export function AddressConfirmed() {
  const { error } = route.useSearch();
  const [chosen] = useState(chosenBefore);
  useTitle(error ? "Address not confirmed" : "Address confirmed");
  if (error) {
    return (
      <DoorPage
        title="This link is too old"
        lead="It works for a day. Sign in, and press “Send it again” at the top of the page; everything else works meanwhile."
        says="I sniffed at it. It has gone stale."
        mood="puzzled"
      >
        <LinkButton to="/home" search={chosen} fullWidth>
          Go on
        </LinkButton>
      </DoorPage>
    );
  }
  return (
    <DoorPage title="Thank you" lead="Your address is confirmed." says="Now I know where to find you." mood="answering">
      <LinkButton to="/home" search={chosen} fullWidth>
        {chosen.plan ? `Go on with ${planOf(chosen.plan).name}` : "Go on"}
      </LinkButton>
    </DoorPage>
  );
}
