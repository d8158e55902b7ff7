/** What the registry keeps for whoever looks: preferences and saved views. */

let preferences = { language: "", theme: "", numbers: "", zone: "", sound: false };
export const views = [
  { id: "v1", name: "Critical alarms of Berlin", address: "/alarms?severity=critical&under=berlin", shared: true, scope: "", owner: "maria", mine: false },
  { id: "v2", name: "Night shift, painting", address: "/plant/berlin/painting", shared: false, scope: "", owner: "admin", mine: true },
];

/** `given`: what is asked to be kept, if anything is. */
export const preferencesNow = (given) => (given ? (preferences = { ...preferences, ...given }) : preferences);

export const newView = (given) => ({ shared: false, scope: "", owner: "admin", mine: true, ...given });
