import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, virtualColor } from "@mantine/core";

// Warm greys for both schemes. In the light one Mantine takes 6 for dimmed text, in the dark one dark.2.
const sand: MantineColorsTuple = [
  "#FBF5EC",
  "#F3E7D7",
  "#EBDDCA",
  "#DFCDB5",
  "#CDB699",
  "#8A7763",
  "#6B5B4B",
  "#54463A",
  "#3D3229",
  "#2B2118",
];
const night: MantineColorsTuple = [
  "#F6EDE3",
  "#DDD0C1",
  "#B9A893",
  "#9A8873",
  "#4D4136",
  "#3A3028",
  "#29221C",
  "#1C1713",
  "#15110E",
  "#0F0C09",
];

// Each meaning has two tuples, because on dark paper the colour turns light and its text dark. 8 is the filled shade.
const collarLight: MantineColorsTuple = [
  "#FFF5EE",
  "#FFE8D9",
  "#FFD3B8",
  "#FFB48A",
  "#FF9466",
  "#F4723B",
  "#E65A1E",
  "#D44A11",
  "#C2410C",
  "#9A3412",
];
const collarDark: MantineColorsTuple = [
  "#FFEADF",
  "#FFDCCB",
  "#FFCDB5",
  "#FFBC9C",
  "#FFAB85",
  "#FFA47B",
  "#FF9F74",
  "#FF996D",
  "#FF9466",
  "#FFA883",
];
const dangerLight: MantineColorsTuple = [
  "#FFF2F1",
  "#FDE3E1",
  "#F9C9C5",
  "#F2A19B",
  "#E8766E",
  "#DB5048",
  "#CC3A32",
  "#BD2A24",
  "#AE1F1B",
  "#8C1815",
];
const dangerDark: MantineColorsTuple = [
  "#FFE7E5",
  "#FFD6D3",
  "#FFC5C1",
  "#FFB4AF",
  "#FFA39D",
  "#FF9D96",
  "#FF9790",
  "#FF918A",
  "#FF8B83",
  "#FFA09A",
];
const meadowLight: MantineColorsTuple = [
  "#F4F8E8",
  "#E7F0D0",
  "#D2E3A8",
  "#B4CF77",
  "#93B64B",
  "#73992F",
  "#5D8124",
  "#4F701E",
  "#446119",
  "#354C13",
];
const meadowDark: MantineColorsTuple = [
  "#F1F7E0",
  "#E7F1CA",
  "#DCEAB3",
  "#D1E39D",
  "#C6DC88",
  "#C1D97E",
  "#BCD675",
  "#B7D36B",
  "#B2CF62",
  "#C3DB84",
];
const ball: MantineColorsTuple = [
  "#FBFDE8",
  "#F6FACB",
  "#F0F5AC",
  "#E8EF8D",
  "#DFE979",
  "#DCE872",
  "#DAE76E",
  "#D9E76D",
  "#D9E76C",
  "#CBDB54",
];

/** Colours, type and shape of every page. The numbers come from look.md; contrast is checked by axe in both schemes. */
export const theme = createTheme({
  primaryColor: "collar",
  primaryShade: 8,
  autoContrast: true,
  black: "#2B2118",
  white: "#FFFFFF",
  colors: {
    gray: sand,
    dark: night,
    collarLight,
    collarDark,
    collar: virtualColor({ name: "collar", light: "collarLight", dark: "collarDark" }),
    dangerLight,
    dangerDark,
    red: virtualColor({ name: "red", light: "dangerLight", dark: "dangerDark" }),
    meadowLight,
    meadowDark,
    green: virtualColor({ name: "green", light: "meadowLight", dark: "meadowDark" }),
    ball,
  },
  fontFamily: "'Figtree Variable', ui-sans-serif, system-ui, sans-serif",
  fontSizes: { xs: "0.8125rem", sm: "0.9375rem", md: "1rem", lg: "1.125rem", xl: "1.375rem" },
  lineHeights: { xs: "1.45", sm: "1.5", md: "1.6", lg: "1.6", xl: "1.5" },
  headings: {
    fontWeight: "700",
    textWrap: "balance",
    sizes: {
      h1: { fontSize: "clamp(1.75rem, 1.3rem + 1.6vw, 2.375rem)", lineHeight: "1.15" },
      h2: { fontSize: "clamp(1.375rem, 1.15rem + 0.8vw, 1.75rem)", lineHeight: "1.25" },
      h3: { fontSize: "1.1875rem", lineHeight: "1.35" },
      h4: { fontSize: "1.0625rem", lineHeight: "1.4" },
    },
  },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  radius: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "32px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    Button: { defaultProps: { size: "md" } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md", autosize: true, minRows: 3 } },
    // In its place instead of at the end of the page, so that the choices stand inside the page's landmarks.
    Select: { defaultProps: { size: "md", allowDeselect: false, comboboxProps: { withinPortal: false } } },
    Autocomplete: { defaultProps: { size: "md", comboboxProps: { withinPortal: false } } },
    NumberInput: { defaultProps: { size: "md" } },
    // These three ask the light scheme for their contrast, also in the dark one.
    Checkbox: { defaultProps: { iconColor: "var(--mantine-color-collar-contrast)" } },
    Radio: { defaultProps: { iconColor: "var(--mantine-color-collar-contrast)" } },
    Chip: { defaultProps: { variant: "light" } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: "lg",
        closeButtonProps: { "aria-label": "Close" },
        // Its <header> would count as the page's second banner, as the dialogue stands outside <main>.
        attributes: { header: { role: "none" } },
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    // Without the placeholder the first item gets the focus; an empty focusable element is not allowed in a menu.
    Menu: { defaultProps: { transitionProps: { duration: 150 }, withInitialFocusPlaceholder: false } },
    Anchor: { defaultProps: { underline: "always" } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Close this message" } } },
  },
});

/** The names that our own CSS uses (`var(--paper)` …), and Mantine's where its defaults would be too pale to read. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#FFFBF5",
    "--mantine-color-default-border": "#DFCDB5",
    "--mantine-color-placeholder": "#7A6958",
    "--mantine-color-disabled-color": "#7A6958",
    "--mantine-color-error": "#AE1F1B",
    "--mantine-color-success": "#446119",
    // The ball is a background; as a text on pale ground it turns olive.
    "--mantine-color-ball-text": "#59621A",
    "--mantine-color-ball-light-color": "#4C5414",
    "--mantine-color-ball-outline": "#59621A",
  },
  dark: {
    "--mantine-color-body": "#1C1713",
    "--mantine-color-bright": "#FFFBF5",
    "--mantine-color-default-color": "#F6EDE3",
    "--mantine-color-placeholder": "#A08E79",
    "--mantine-color-disabled-color": "#A08E79",
    "--mantine-color-error": "#FF8B83",
    "--mantine-color-success": "#B2CF62",
    "--mantine-color-collar-light": "#40271B",
    "--mantine-color-collar-light-hover": "#4D2F20",
    "--mantine-color-red-light": "#43211E",
    "--mantine-color-red-light-hover": "#512724",
    "--mantine-color-green-light": "#2E341C",
    "--mantine-color-green-light-hover": "#384022",
  },
});
