// What came in the place of the pressed has the focus: `showTarget` of hx-swap names it, or what holds its link.
onSwap(({ swap }) => {
  const came = document.querySelector(/showTarget:(\S+)/.exec(swap)?.[1]);
  (came?.querySelector("a") ?? came)?.focus();
});
