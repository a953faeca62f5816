mod custom;
mod iax;
mod sip;
mod sip_templates;
