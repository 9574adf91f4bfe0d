/** Whether keys typed at this event target are text: letter keys are off then. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !/^(?:button|checkbox|radio|range|submit|reset|file|color)$/.test(target.type)
  );
}
