// Minus and plus: the field's own limits and steps hold, and it saves itself as if typed into.
onClick("[data-step]", step => {
  const input = step.parentElement.querySelector("input");
  step.dataset.step > 0 ? input.stepUp() : input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
