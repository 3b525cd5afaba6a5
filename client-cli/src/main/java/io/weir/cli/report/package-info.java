/**
 * Results of loads, drawn and set side by side: {@link io.weir.cli.report.HtmlPage} puts a page
 * together of the resources in this package, {@link io.weir.cli.report.HtmlReport} says what one of
 * a load shows, {@link io.weir.cli.report.Comparison} is several results as one table.
 *
 * <p>All figures are computed here and handed to the page as JSON; its scripts only draw. Depends
 * on {@code io.weir.cli.load.result} alone.
 */
@NullMarked
package io.weir.cli.report;

import org.jspecify.annotations.NullMarked;
