// A printed code stands behind the "#" of its address, which browsers send to nobody: it is put into the form from there.
"use strict";

const take = () => {
  const field = document.getElementById("code");
  if (!field || location.hash.length < 2) return;
  field.value = location.hash.slice(1, 41);
  history.replaceState(null, "", location.pathname + location.search);
};
take();
addEventListener("hashchange", take);
