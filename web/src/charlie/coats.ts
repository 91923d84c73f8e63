export interface Coat {
  /** Most of him. */
  fur: string;
  /** Ears and the far side: a shade darker. */
  shade: string;
  /** Muzzle, chest and paws. */
  light: string;
  /** From the forehead down to the nose; the fur itself, or nearly, on most of them. */
  blaze: string;
  /** The spots over his eyes. */
  brow: string;
  /** Closed eyes, where ink would not show on the fur. */
  lid?: string;
  /** The disc behind his head where one is drawn: light enough for him to stand out in both themes. */
  disc: string;
}

export const coatNames = [
  "golden",
  "cream",
  "fox",
  "chocolate",
  "charcoal",
  "silver",
  "patch",
  "tricolour",
  "honey",
  "biscuit",
] as const;
export type CoatName = (typeof coatNames)[number];

export const coats: Record<CoatName, Coat> = {
  golden: { fur: "#E9AE5B", shade: "#CB853A", light: "#FBE4BD", blaze: "#F1C27A", brow: "#F8D69C", disc: "#DCE9D5" },
  cream: { fur: "#F5E3C5", shade: "#DDBB8B", light: "#FFF8EB", blaze: "#FAEFDA", brow: "#FFF3DC", disc: "#BFD8DB" },
  fox: { fur: "#C9692F", shade: "#9C4A1D", light: "#F8D9B8", blaze: "#DA8448", brow: "#EBA56E", disc: "#D9E4EC" },
  chocolate: {
    fur: "#7D5138",
    shade: "#5A3726",
    light: "#D3A987",
    blaze: "#8E6046",
    brow: "#A67654",
    lid: "#1A1210",
    disc: "#F6DDBD",
  },
  charcoal: {
    fur: "#56504D",
    shade: "#3E3937",
    light: "#A79B92",
    blaze: "#655D59",
    brow: "#736863",
    lid: "#B7AAA0",
    disc: "#EFDCC4",
  },
  silver: { fur: "#A9ADB0", shade: "#7D8488", light: "#EEF0EF", blaze: "#C3C7C9", brow: "#D3D8D9", disc: "#F8DFC9" },
  patch: { fur: "#F4E8D8", shade: "#B5673A", light: "#FFFDF8", blaze: "#FFFDF8", brow: "#E9C8A6", disc: "#C9DCC6" },
  tricolour: {
    fur: "#4A4443",
    shade: "#343030",
    light: "#FBF5EA",
    blaze: "#FBF5EA",
    brow: "#C97B3E",
    lid: "#B7AAA0",
    disc: "#F3E0B5",
  },
  honey: { fur: "#D6923F", shade: "#7A4A23", light: "#F6DBAF", blaze: "#E3A758", brow: "#EDBE7B", disc: "#E3DDF0" },
  biscuit: { fur: "#DDBF96", shade: "#B08A5E", light: "#F8EBD5", blaze: "#E7CFAC", brow: "#EFD9B6", disc: "#F3D3C6" },
};

/** The coat that belongs to an id: the same one every time, all of them about equally often. */
export function coatOf(id: string): CoatName {
  // FNV-1a, 32 bits: short, and it spreads ids that differ in one character.
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return coatNames[hash % coatNames.length]!;
}
