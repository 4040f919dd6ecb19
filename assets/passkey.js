// Makes a passkey, or signs with one: one button, and the form it fills in. Without it, an app's code does the same.
// The answer goes back as the browser writes it; the gateway checks it.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("button");
  const can = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!can) {
    said.textContent = said.dataset.cannot;
    button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    said.textContent = "";
    const options = JSON.parse(form.dataset.options);
    try {
      const given =
        form.dataset.passkey === "make"
          ? await navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
            })
          : await navigator.credentials.get({
              publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
            });
      form.elements.passkey.value = JSON.stringify(given.toJSON());
      form.submit();
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
}
