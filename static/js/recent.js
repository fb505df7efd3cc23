// What was looked at before, for the strip at the foot of a product's page: names in addresses, newest first.
const looked = byId("looked"), name = location.pathname.match(/\/p\/([\w-]+)$/)?.[1];
if (name) whenOpened(late => { try {
  const seen = (localStorage.seen ?? "").match(/[\w-]+/g)?.filter(each => each !== name) ?? [];
  localStorage.seen = [name, ...seen.slice(0, 7)];
  if (looked && seen[0]) {
    looked.hidden = false;
    looked.lastElementChild.innerHTML = seen.slice(0, 4).map(each => `<li hx-get="/_f/card/${each}" hx-trigger="revealed" hx-swap="outerHTML" hx-status:404="swap:delete" hx-status:410="swap:delete"></li>`).join("");
    if (late) htmx.process(looked);
  }
} catch { /* a browser that keeps nothing */ } });
