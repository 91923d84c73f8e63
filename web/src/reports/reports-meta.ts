/** The meta element in which the server tells a page where to report errors; it is there only where that is configured. */
export const reportsMeta = "error-reports";
