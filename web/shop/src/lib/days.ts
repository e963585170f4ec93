/** Delivery days: parcels leave on working days, orders before 14:00 the same day. */
const DAY = 86_400_000;
export const CUT_OFF_HOUR = 14;

function working(day: Date): boolean {
  return day.getDay() !== 0 && day.getDay() !== 6;
}

function next(day: Date): Date {
  let d = new Date(day.getTime() + DAY);
  while (!working(d)) d = new Date(d.getTime() + DAY);
  return d;
}

/** When an order made `now` arrives: `steps` working days after it leaves. */
export function arrives(now: Date, steps: number): Date {
  let day = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12);
  if (!working(day) || now.getHours() >= CUT_OFF_HOUR) day = next(day);
  for (let i = 0; i < steps; i += 1) day = next(day);
  return day;
}

export function dayName(day: Date): string {
  return day.toLocaleDateString('en-GB', {weekday: 'long', day: 'numeric', month: 'long'});
}

export function arrivalWindow(now: Date): {standard: string; express: string} {
  return {
    standard: `${dayName(arrives(now, 2))} to ${dayName(arrives(now, 3))}`,
    express: dayName(arrives(now, 1)),
  };
}

export function ordersLeaveToday(now: Date): boolean {
  return working(now) && now.getHours() < CUT_OFF_HOUR;
}
