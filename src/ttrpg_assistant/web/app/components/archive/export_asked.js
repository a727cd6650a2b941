import { html } from "../../html.js";
import { campaignToExport } from "../../state/files/exporting.js";
import { ExportCampaign } from "./export_dialog.js";

/** The export of a campaign that was asked for by its name, on whatever screen. */
export default function ExportAsked() {
  const campaign = campaignToExport.value;
  return campaign && html`<${ExportCampaign} campaign=${campaign} onClose=${() => (campaignToExport.value = null)} />`;
}
