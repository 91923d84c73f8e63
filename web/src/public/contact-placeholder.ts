/** Stands in the foot of the public pages where whoever runs the service is reached; shows nothing by itself. */
export const contactPlaceholder = "<!--contact-->";
