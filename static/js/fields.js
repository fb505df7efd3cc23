// Fields: told after leaving them, never while first typing; taken back the moment they are right.
const tell = (input, words) => {
  const place = byId(input.id + "-error");
  if (!place) return;
  place.textContent = words;
  words ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
};
on("focusout", ({ target }) => target.dataset?.wrong && target.value && !target.validity.valid && tell(target, target.dataset.wrong));
on("input", ({ target }) => target.ariaInvalid === "true" && target.value.trim() && target.validity.valid && tell(target, ""));
