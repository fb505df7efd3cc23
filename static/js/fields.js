// Fields: told after leaving them, never while first typing; taken back the moment they are right. What only the server
// can judge stays until the field was changed and left.
const tell = (input, words) => {
  const place = byId(input.id + "-error");
  if (!place) return;
  place.textContent = words;
  words ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
};
const right = input => input.validity.valid && (input.value.trim() || !input.required);
const judge = input => {
  if (!right(input)) input.dataset.wrong && (input.value || input.defaultValue) && tell(input, input.dataset.wrong);
  else if (input.ariaInvalid === "true" && input.value !== input.defaultValue) tell(input, "");
};
// Words that come while a button is pressed would move it away from under the finger, and its form judges anyway.
on("focusout", ({ target, relatedTarget }) => target.validity && relatedTarget?.type !== "submit" && judge(target));
on("input", ({ target }) => target.ariaInvalid === "true" && target.dataset.wrong && right(target) && tell(target, ""));
// A postcode has the shape of its country.
on("change", ({ target }) => {
  const { pattern, wrong } = target.selectedOptions?.[0]?.dataset ?? {};
  const code = pattern && byId("postcode");
  if (!code) return;
  code.pattern = pattern;
  code.dataset.wrong = wrong;
  judge(code);
});
