// Gallery: a thumbnail turns to its picture, the picture opens large. Both are plain links without this script.
const turnTo = thumb => {
  const strip = byId("gallery"), slide = byId(thumb.hash.slice(1));
  strip.scrollTo({ left: slide.offsetLeft - strip.firstElementChild.offsetLeft });
};
document.addEventListener("scrollend", ({ target }) => {
  if (target.id !== "gallery") return;
  const current = Math.round(target.scrollLeft / target.clientWidth);
  all(".thumbs a").forEach((thumb, index) => index === current
    ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current"));
}, true);
const showLarge = link => {
  const dialog = Object.assign(document.createElement("dialog"), { className: "zoom", ariaLabel: "Picture" });
  const close = Object.assign(document.createElement("button"), { className: "button button--small", textContent: "Close", type: "button" });
  const picture = Object.assign(new Image(), { src: link.href, alt: link.querySelector("img").alt });
  dialog.append(picture, close);
  document.body.append(dialog);
  dialog.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.showModal();
};
const instead = show => (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
};
onClick(".thumbs a", instead(turnTo));
onClick("[data-zoom]", instead(showLarge));
