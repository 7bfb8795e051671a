// SPDX-License-Identifier: Apache-2.0
// Unpacks the chart library that the page carries and runs it; a page of a folder has it from a file beside it. The page's policy allows exactly its text. Resolves to
// the library, or to null where the browser cannot unpack it: the tables say everything without it.
async function load_library() {
  if (globalThis.echarts) return globalThis.echarts;
  const packed = document.getElementById("chart-library");
  if (!packed || typeof DecompressionStream === "undefined") return null;
  try {
    const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    return globalThis.echarts || null;
  } catch (error) {
    console.error("the chart library could not be unpacked", error);
    return null;
  }
}
