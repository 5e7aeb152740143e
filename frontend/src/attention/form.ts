/** The settings of what needs attention. */

import { formOf, NAME } from "../form";

export const form = () => formOf([NAME], {});

export const stub = () => ({});
