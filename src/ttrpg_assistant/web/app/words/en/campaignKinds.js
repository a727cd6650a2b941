export const campaignKinds = {
  campaign: "Campaign",
};
