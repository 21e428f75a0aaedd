/** The forms for passkeys: the browser makes or uses one, and the form sends what it returns. */
const { PublicKeyCredential, navigator } = window;

// A passkey belongs to a name: browsers allow none at an IP address.
const isAddress = /^[\d.]+$|:/.test(location.hostname);

if (PublicKeyCredential?.parseCreationOptionsFromJSON && !isAddress) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void use(form);
    });
  }
  document.getElementById("no-passkeys")?.remove();
}

/** The form has the options of the server, or for a login the URL at which they are. */
async function use(form) {
  const text = form.dataset.passkey;
  const problem = form.querySelector("[role=alert]");
  problem.textContent = "";
  try {
    const { publicKey } = text.startsWith("{") ? JSON.parse(text) : await optionsAt(text);
    const credential = publicKey.user
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    problem.textContent = wordsFor(error);
  }
}

async function optionsAt(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).request_options;
}

function wordsFor({ name }) {
  if (name === "NotAllowedError") return "No passkey was used. Try again, or another way.";
  if (name === "InvalidStateError") return "This passkey is added already.";
  if (name === "SecurityError") return "The browser allows no passkeys at this address.";
  return "That did not work. Reload the page and try again.";
}
