export const models = {
  builtInAnswers: "Built-in model: answers from what you have written here.",
  choose: "Choose a model",
  inUse: "Model:",
  chooseAnother: "Choose another model",
};
