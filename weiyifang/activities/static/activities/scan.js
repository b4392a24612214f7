/* scan.js — reads a ticket's code with the camera, where the browser can. Without it the six digits are typed. */
(() => {
  "use strict";
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  for (const button of document.querySelectorAll("[data-scan-start]")) {
    const field = document.getElementById(button.dataset.scanStart);
    const video = document.querySelector(`[data-scan="${button.dataset.scanStart}"]`);
    if (!field || !video) continue;
    button.hidden = false;
    button.addEventListener("click", () => scan(field, video, button));
  }

  async function scan(field, video, button) {
    button.disabled = true;
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const stop = () => {
      stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
      button.disabled = false;
    };
    window.addEventListener("pagehide", stop, { once: true });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const look = async () => {
      if (video.hidden) return;
      const [found] = await detector.detect(video);
      if (!found) return void requestAnimationFrame(look);
      stop();
      field.value = found.rawValue;
      field.form.requestSubmit();
    };
    look();
  }
})();
