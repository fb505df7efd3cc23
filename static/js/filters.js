// A field left alone says nothing: it stays out of the address, whoever sends the form.
on("formdata", ({ target, formData }) => target.method === "get"
  && [...formData].forEach(([name, value]) => value || formData.delete(name)));
// Back at a page that was loaded below others: the others come again, too.
let again = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const before = () => again && byId("before")?.click();
on("load", () => setTimeout(before), window);
onSwap(ctx => { again ||= ctx.request.headers["HX-History-Restore-Request"]; before(); });
