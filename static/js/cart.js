// The removed line took the focus with it.
onSwap(ctx => {
  if (ctx.target?.id !== "cart" || document.activeElement !== document.body) return;
  const heading = document.querySelector("main h1");
  heading.tabIndex = -1;
  heading.focus();
});
