// News leaves by itself, but not from under a pointer or the focus. A no stays until it is closed or something else is tried.
// What is open over the page would hide either: it closes, and gives the focus back.
const tend = toast => {
  if (!toast.classList?.contains("toast")) return;
  all("[popover]").forEach(each => each.hidePopover());
  if (toast.matches(".toast--bad")) return toast.append(closing(document.activeElement));
  const leave = () => toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove();
  setTimeout(leave, 8000);
};
const closing = before => Object.assign(document.createElement("button"), {
  type: "button", textContent: "×", ariaLabel: "Close", onclick() { this.parentElement.remove(); before.focus(); },
});
const watch = new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(tend)));
all("#toasts, #alerts").forEach(box => watch.observe(box, { childList: true }));
const alarm = words => {
  const toast = document.createElement("div");
  toast.className = "toast toast--bad";
  toast.append(Object.assign(document.createElement("p"), { textContent: words }));
  byId("alerts")?.replaceChildren(toast);
};
on("htmx:before:request", ({ detail: { ctx } }) => {
  ctx.sourceElement.setAttribute("aria-busy", "true");
  if (ctx.request.method !== "GET") byId("alerts")?.replaceChildren();
});
on("htmx:finally:request", ({ detail: { ctx } }) => ctx.sourceElement.removeAttribute("aria-busy"));

// What was not given has no address.
on("htmx:before:history:update", event => event.detail.response?.status >= 400 && event.preventDefault());
// A no that was not swapped in anywhere is still said.
onSwap(ctx => {
  if (ctx.response.status < 400 || ctx.swap !== "none" || ctx.target?.id === "suggest") return;
  const page = new DOMParser().parseFromString(ctx.text, "text/html");
  alarm(page.querySelector("[data-say]")?.textContent.trim() || "That did not work. Please try again.");
});
on("htmx:error", () => alarm(navigator.onLine
  ? "The shop did not answer. Nothing was lost: please try again."
  : "You seem to be offline. Nothing was lost: try again when you are back."));
onClick("[data-close]", close => close.closest("dialog, .toast")?.remove());
