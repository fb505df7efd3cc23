// Variant panel: the reply decides what is chosen; the address follows, so that it can be shared.
const settleChoice = form => {
  all("input[type=radio]", form).forEach(input => { input.checked = input.defaultChecked; });
  const chosen = new URLSearchParams(new FormData(form));
  history.replaceState(history.state, "", form.getAttribute("action") + (chosen.size ? "?" + chosen : ""));
  byId("gallery")?.scrollTo({ left: 0 });
};
onSwap(ctx => ctx.sourceElement?.matches?.("form[data-own-address]") && settleChoice(ctx.sourceElement));
